# The numbers of R for quantiles, trends, pairs of groups, shares at one time and ratios of mean times.
#   Rscript make_curves.R oracle_656.csv <folder of the data sets in the Python package lifelines> > r_curves.json
suppressMessages(library(survival))
args <- commandArgs(TRUE)
d <- read.csv(args[1]); folder <- args[2]
d$any <- as.integer(d$ev > 0); d$job <- as.integer(d$ev == 1)

json <- function(x) {
  if (is.list(x)) return(paste0("{", paste0('"', names(x), '": ', vapply(x, json, ""), collapse = ", "), "}"))
  if (is.matrix(x)) return(paste0("[", paste(apply(x, 1, json), collapse = ", "), "]"))
  if (is.character(x)) body <- paste0('"', x, '"')
  else body <- ifelse(is.finite(x), sprintf("%.17g", x), "null")
  if (length(x) == 1) body else paste0("[", paste(body, collapse = ", "), "]")
}
types <- c(plain = "plain", log = "log", "log-log" = "log-log", logit = "logit", arcsine = "arcsin")
probs <- c(.05, .1, .25, .5, .75, .9)
quantiles <- function(fit) lapply(types, function(kind) {
  x <- quantile(fit(conf.type = kind), probs = probs)
  rbind(x$quantile, x$lower, x$upper)
})
pairs <- function(group) {
  p <- combn(sort(unique(group)), 2, function(two) {
    own <- group %in% two
    1 - pchisq(survdiff(Surv(t, any) ~ group[own], d[own, ])$chisq, 1)
  })
  list(plain = p, holm = p.adjust(p, "holm"))
}
trend <- function(score, covariance, a) sum(a * score)^2 / sum(a * (covariance %*% a))
cloglog <- function(share, error) {
  value <- log(-log(1 - share)); spread <- (error / ((1 - share) * log(1 - share)))^2
  diff(value)^2 / sum(spread)
}
out <- list(probs = probs, quantiles = list(
  km = quantiles(function(...) survfit(Surv(t, any) ~ 1, d, ...)),
  km_job = quantiles(function(...) survfit(Surv(t, job) ~ 1, d, ...)),
  km_arm_0 = quantiles(function(...) survfit(Surv(t, any) ~ 1, d[d$arm == 0, ], ...)),
  km_arm_1 = quantiles(function(...) survfit(Surv(t, any) ~ 1, d[d$arm == 1, ], ...)),
  km_entry = quantiles(function(...) survfit(Surv(entry, t, any) ~ 1, d, ...)),
  km_weights = quantiles(function(...) survfit(Surv(t, any) ~ 1, d, weights = w, robust = TRUE, ...)),
  km_offices = quantiles(function(...) survfit(Surv(t, any) ~ 1, d, cluster = office, ...))))
sets <- list(rossi = c("week", "arrest"), lung = c("time", "status"), gbsg2 = c("time", "cens"), waltons = c("T", "E"))
for (name in names(sets)) {
  x <- read.csv(Sys.glob(file.path(folder, paste0(name, "*.csv")))[1])
  x$time <- x[[sets[[name]][1]]]; x$ended <- x[[sets[[name]][2]]]
  out$quantiles[[name]] <- quantiles(function(...) survfit(Surv(time, ended) ~ 1, x, ...))
}
m <- survdiff(Surv(t, any) ~ office, d)
out$trend <- list(statistic = trend(m$obs - m$exp, m$var, seq_along(m$obs)))
out$pairs <- pairs(d$arm + 2 * d$fem)
s <- summary(survfit(Surv(t, any) ~ arm, d), times = 30)
state <- survfit(Surv(t, factor(ev, 0:3)) ~ arm, d)
f <- summary(state, times = 30)
out$at_30 <- list(any = cloglog(1 - s$surv, s$std.err), job = cloglog(f$pstate[, 2], f$std.err[, 2]))
r <- summary(survfit(Surv(t, job) ~ arm, d), rmean = 30)$table
mean <- unname(r[, "rmean"]); error <- unname(r[, "se(rmean)"])
apart <- sqrt(sum((error / mean)^2)); ratio <- mean[2] / mean[1]
out$mean_30 <- list(mean = mean, std_error = error, difference = mean[2] - mean[1], statistic = diff(mean)^2 / sum(error^2),
  ratio = ratio, log_error = apart, low = ratio * exp(-qnorm(.975) * apart), high = ratio * exp(qnorm(.975) * apart))
r <- summary(state, rmean = 30)$table
lost <- r[3:4, "rmean"]
out$lost_30 <- list(mean = unname(lost))
cat(json(c(out, list(made_with = list(R = paste0(R.version$major, ".", R.version$minor),
  survival = as.character(packageVersion("survival")), script = "make_curves.R")))), "\n")
