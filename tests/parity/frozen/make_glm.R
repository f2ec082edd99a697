# Generalised linear models in R, gone on with until nothing moves, and sandwiches written out in full matrices.
#   Rscript make_glm.R oracle_656.csv > r_glm.json
# The person-period models have a row a person and week (or four weeks); the package makes none.
d <- read.csv(commandArgs(TRUE)[1])
json <- function(x) {
  if (is.list(x)) return(paste0("{", paste0('"', names(x), '": ', vapply(x, json, ""), collapse = ", "), "}"))
  body <- ifelse(is.finite(x), sprintf("%.17g", x), "null")
  if (length(x) == 1) body else paste0("[", paste(body, collapse = ", "), "]")
}
root <- function(a) { e <- eigen(a, symmetric = TRUE); v <- e$values
  e$vectors %*% (ifelse(v > 1e-9, 1 / sqrt(pmax(v, 1e-9)), 0) * t(e$vectors)) }

# Fisher scoring until the coefficients stand still; estfun, bread and leverage at the end.
fit <- function(formula, data, family, weights = rep(1, nrow(data)), cluster, offset = rep(0, nrow(data))) {
  data$.w <- weights; data$.o <- offset
  m <- suppressWarnings(glm(formula, family, data, weights = .w, offset = .o, control = list(epsilon = 1e-15, maxit = 100)))
  x <- model.matrix(m); y <- m$y
  for (step in 1:5) {
    eta <- drop(x %*% coef(m)) + offset; mu <- family$linkinv(eta); g <- family$mu.eta(eta); v <- family$variance(mu)
    s <- weights * (y - mu) * g / v; w <- weights * g^2 / v
    m$coefficients <- m$coefficients + drop(solve(crossprod(x, w * x), crossprod(x, s)))
  }
  n <- nrow(x); q <- ncol(x); M <- solve(crossprod(x, w * x)); h <- w * rowSums((x %*% M) * x)
  hc <- function(o) sqrt(diag(M %*% crossprod(x, o * x) %*% M))
  u <- rowsum(s * x, cluster); G <- nrow(u)
  z <- sqrt(w) * x; r <- s / sqrt(w)
  groups <- split(seq_len(n), cluster)
  A <- lapply(groups, function(i) root(diag(length(i)) - z[i, , drop = FALSE] %*% M %*% t(z[i, , drop = FALSE])))
  pulls <- t(mapply(function(i, a) drop(crossprod(z[i, , drop = FALSE], a %*% r[i])), groups, A))
  H <- z %*% M %*% t(z)
  df <- vapply(seq_len(q), function(k) {
    p <- mapply(function(i, a) drop((diag(n) - H)[, i, drop = FALSE] %*% (a %*% z[i, , drop = FALSE] %*% M[, k])), groups, A)
    P <- crossprod(p); sum(diag(P))^2 / sum(P^2) }, 0)
  list(coef = unname(coef(m)), deviance = sum(family$dev.resids(y, drop(family$linkinv(x %*% coef(m) + offset)), weights)), model = unname(sqrt(diag(M))),
       hc0 = unname(hc(s^2)), hc1 = unname(hc(s^2) * sqrt(n / (n - q))),
       hc2 = unname(hc(s^2 / (1 - h))), hc3 = unname(hc(s^2 / (1 - h)^2)),
       cr0 = unname(sqrt(diag(M %*% crossprod(u) %*% M))),
       cr1 = unname(sqrt(diag(M %*% crossprod(u) %*% M) * G / (G - 1) * (n - 1) / (n - q))),
       cr2 = unname(sqrt(diag(M %*% crossprod(pulls) %*% M))), df = df, n = n)
}
e <- d[d$ev > 0, ]
out <- list(
  logistic = fit(I(1 * (ev == 1)) ~ arm + age + fem, e, quasibinomial(), cluster = e$office),
  logistic_weights = fit(I(1 * (ev == 1)) ~ arm + age + fem, e, quasibinomial(), e$w, e$office),
  poisson = fit(I(1 * (ev == 1)) ~ arm + age + fem, d, poisson(), cluster = d$office, offset = log(d$t - d$entry)),
  poisson_weights = fit(I(1 * (ev == 1)) ~ arm + age + fem, d, quasipoisson(), d$w, d$office, log(d$t - d$entry)))
# Rates in three bands: a row a person and band.
edges <- c(0, 10, 20, Inf)
b <- do.call(rbind, lapply(1:3, function(k) {
  long <- pmin(d$t, edges[k + 1]) - pmax(d$entry, edges[k])
  data.frame(d, band = k, long = long, y = 1 * (d$ev == 1 & d$t > edges[k] & d$t <= edges[k + 1]))[long > 0, ] }))
out$poisson_bands <- fit(y ~ 0 + factor(band) + arm + age + fem, b, poisson(), cluster = b$office, offset = log(b$long))
# Hazards: a row a person and period; a part of a period counts when somebody ended in it.
periods <- function(L) {
  first <- ceiling(d$entry / L - 1e-9)
  last <- ifelse(d$ev > 0, ceiling(d$t / L - 1e-9), floor(d$t / L + 1e-9))
  i <- rep(seq_len(nrow(d)), pmax(last - first, 0))
  m <- unlist(mapply(function(a, b) if (b > a) (a + 1):b else integer(0), first, last))
  data.frame(d[i, ], m = m, y = 1 * (d$ev[i] == 1 & m == last[i]))
}
p <- periods(1)
for (link in c("logit", "cloglog")) {
  out[[paste0(link, "_week")]] <- fit(y ~ m + arm + age + fem, p, quasibinomial(link), cluster = p$office)
  out[[paste0(link, "_week_weights")]] <- fit(y ~ m + arm + age + fem, p, quasibinomial(link), p$w, p$office)
}
p <- periods(4)
p <- p[p$m %in% names(which(tapply(p$y, p$m, sum) > 0 & tapply(1 - p$y, p$m, sum) > 0)), ]
out$cloglog_4_weeks <- fit(y ~ 0 + factor(m) + arm + age + fem, p, quasibinomial("cloglog"), cluster = p$office)
out$cloglog_varying <- fit(y ~ 0 + factor(m) + arm + age + fem + arm:m, p, quasibinomial("cloglog"), cluster = p$office)
cat(json(out), "\n")
