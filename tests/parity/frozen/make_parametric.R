# The numbers of R that the parametric models are held against when no other folder is there.
#   Rscript make_parametric.R oracle_656.csv > r_parametric.json
# survreg for what it can do; glm on pieces of time; and for the rest a log-likelihood written here and climbed by optim
# and nlm, so that late entry, the generalised gamma and the spline have a reference in R too.
suppressMessages({library(survival)})
d <- read.csv(commandArgs(TRUE)[1])
number <- function(x) ifelse(is.finite(x), sprintf("%.17g", x), "null")
row <- function(x) paste0("[", paste(number(x), collapse = ", "), "]")
json <- function(x) {
  if (is.list(x)) return(paste0("{", paste0('"', names(x), '": ', vapply(x, json, ""), collapse = ", "), "}"))
  if (is.character(x)) return(if (length(x) == 1) paste0('"', x, '"') else paste0("[", paste0('"', x, '"', collapse = ", "), "]"))
  if (is.matrix(x)) return(paste0("[", paste(apply(x, 1, row), collapse = ", "), "]"))
  if (length(x) == 1) number(x) else row(x)
}
control <- survreg.control(rel.tolerance = 1e-13, maxiter = 200)
# Terms first, then the intercept and log scale, as in our table.
turned <- function(x, size) c(x[2:(size + 1)], x[1], x[-(1:(size + 1))])
said <- function(m, size = 3) list(
  estimate = turned(c(m$coef, if (m$dist == "exponential") NULL else log(m$scale)), size),
  std_error = turned(sqrt(diag(m$var)), size), log_likelihood = m$loglik)
reg <- function(dist, ...) said(do.call(survreg, list(Surv(t, d) ~ arm + age + fem, d, dist = dist, control = control, ...)))
# A log-likelihood of (terms, others) climbed; h and H give log hazard and cumulative hazard at times.
x <- as.matrix(d[, c("arm", "age", "fem")])
climbed <- function(start, logh, H, entry = FALSE, weight = rep(1, nrow(d))) {
  less <- function(b) {
    value <- suppressWarnings(weight * (ifelse(d$d == 1, logh(b, d$t), 0) - H(b, d$t)))
    if (entry) { late <- d$entry > 0; value[late] <- value[late] + weight[late] * H(b, pmax(d$entry, 1e-9))[late] }
    total <- -sum(value); if (is.finite(total)) total else 1e10
  }
  at <- optim(start, less, method = "BFGS", control = list(maxit = 2000, reltol = 1e-15, parscale = pmax(abs(start), 0.1)))$par
  for (i in 1:4) at <- nlm(less, at, gradtol = 1e-12, steptol = 1e-14, iterlim = 500)$estimate
  list(estimate = at, log_likelihood = -less(at))
}
eta <- function(b) drop(x %*% b[1:3])
locate <- function(density, survivor) list(
  logh = function(b, t) { z <- (log(t) - b[4] - eta(b)) / exp(b[5]); density(z, b) - b[5] - log(t) - survivor(z, b) },
  H = function(b, t) -survivor((log(t) - b[4] - eta(b)) / exp(b[5]), b))
families <- list(
  weibull = locate(function(z, b) z - exp(z), function(z, b) -exp(z)),
  lognormal = locate(function(z, b) dnorm(z, log = TRUE), function(z, b) pnorm(z, lower.tail = FALSE, log.p = TRUE)),
  loglogistic = locate(function(z, b) dlogis(z, log = TRUE), function(z, b) plogis(z, lower.tail = FALSE, log.p = TRUE)),
  gengamma = locate(
    function(z, b) { q <- b[6]; k <- q^-2; log(abs(q)) + k * log(k) - lgamma(k) + k * (q * z - exp(q * z)) },
    function(z, b) { q <- b[6]; k <- q^-2; pgamma(k * exp(q * z), k, lower.tail = q < 0, log.p = TRUE) }))
knots <- log(c(min(d$t[d$d == 1]), 4, 12, max(d$t[d$d == 1])))
cube <- function(u) pmax(u, 0)^3
square <- function(u) 3 * pmax(u, 0)^2
basis <- function(u, f, zero, one) {
  v <- function(k) { l <- (knots[4] - k) / (knots[4] - knots[1]); f(u - k) - l * f(u - knots[1]) - (1 - l) * f(u - knots[4]) }
  cbind(zero, one, v(knots[2]), v(knots[3]))
}
smooth <- list(
  H = function(b, t) exp(eta(b) + drop(basis(log(t), cube, 1, log(t)) %*% b[4:7])),
  logh = function(b, t) eta(b) + drop(basis(log(t), cube, 1, log(t)) %*% b[4:7]) - log(t) +
    log(drop(basis(log(t), square, 0, 1) %*% b[4:7])))
pieces <- function(entry, weight) {
  d$begin <- if (entry) d$entry else 0
  d$weight <- if (weight) d$w else 1
  long <- survSplit(Surv(begin, t, d) ~ arm + age + fem + weight, d, cut = c(4, 10, 20), episode = "piece")
  long$stay <- long$t - long$begin
  m <- suppressWarnings(glm(d ~ arm + age + fem + factor(piece) - 1 + offset(log(stay)), poisson, long, weights = weight,
                            control = glm.control(epsilon = 1e-14, maxit = 100)))
  list(estimate = unname(coef(m)), std_error = unname(sqrt(diag(vcov(m)))))
}
w <- d$w
start <- c(0, 0, 0, 3, 0)
cat(json(list(
  made_with = list(R = R.version.string, survival = as.character(packageVersion("survival")), script = "make_parametric.R"),
  survreg = list(
    exponential = reg("exponential"), weibull = reg("weibull"), lognormal = reg("lognormal"), loglogistic = reg("loglogistic"),
    exponential_weights = reg("exponential", weights = w), weibull_weights = reg("weibull", weights = w),
    lognormal_weights = reg("lognormal", weights = w), loglogistic_weights = reg("loglogistic", weights = w),
    weibull_robust = reg("weibull", robust = TRUE), loglogistic_robust = reg("loglogistic", robust = TRUE),
    weibull_offices = reg("weibull", cluster = d$office), lognormal_offices = reg("lognormal", cluster = d$office),
    exponential_offices = reg("exponential", cluster = d$office)),
  survreg_wrong = list(weibull_weights = reg("weibull", weights = w, robust = TRUE),
                       lognormal_weights = reg("lognormal", weights = w, robust = TRUE)),
  climbed = list(
    weibull_entry = climbed(start, families$weibull$logh, families$weibull$H, TRUE),
    lognormal_entry = climbed(start, families$lognormal$logh, families$lognormal$H, TRUE),
    loglogistic_entry_weights = climbed(start, families$loglogistic$logh, families$loglogistic$H, TRUE, w),
    gengamma = climbed(c(start, 0.7), families$gengamma$logh, families$gengamma$H),
    gengamma_entry_weights = climbed(c(start, 0.7), families$gengamma$logh, families$gengamma$H, TRUE, w),
    spline = climbed(c(0, 0, 0, -3, 1, 0, 0), smooth$logh, smooth$H),
    spline_entry_weights = climbed(c(0, 0, 0, -3, 1, 0, 0), smooth$logh, smooth$H, TRUE, w)),
  pieces = list(piecewise = pieces(FALSE, FALSE), piecewise_entry = pieces(TRUE, FALSE), piecewise_entry_weights = pieces(TRUE, TRUE))
)), "\n", sep = "")
