# Cox models with exact ties in R, on the 656: weeks, delayed entry, strata.
#   Rscript make_cox_exact.R oracle_656.csv > r_cox_exact.json
suppressMessages({library(survival)})
d <- read.csv(commandArgs(TRUE)[1])
number <- function(x) ifelse(is.finite(x), sprintf("%.17g", x), "null")
row <- function(x) paste0("[", paste(number(x), collapse = ", "), "]")
json <- function(x) {
  if (is.list(x)) return(paste0("{", paste0('"', names(x), '": ', vapply(x, json, ""), collapse = ", "), "}"))
  if (is.matrix(x)) return(paste0("[", paste(apply(x, 1, row), collapse = ", "), "]"))
  if (length(x) == 1) number(x) else row(x)
}
tight <- coxph.control(eps = 1e-13, toler.chol = 1e-14, iter.max = 60)
d$left <- as.numeric(d$ev > 0)
d$late <- ifelse(d$entry > 0, d$entry, -1)
# With delayed entry R 3.5-3 lists every subset: only a few people can be asked about.
few <- d[1:60, ]
fit <- function(formula, d) {
  m <- coxph(formula, d, ties = "exact", control = tight)
  list(estimate = m$coef, covariance = matrix(m$var, length(m$coef)), log_likelihood = m$loglik, score = m$score,
       martingale = sum(m$residuals^2))
}
out <- list(
  plain = fit(Surv(t, ev == 1) ~ arm + age + fem, d),
  all = fit(Surv(t, left) ~ arm + age + fem, d),
  strata = fit(Surv(t, ev == 1) ~ arm + age + strata(fem), d),
  entry_few = fit(Surv(late, t, ev == 1) ~ arm + age + fem, few),
  entry_strata_few = fit(Surv(late, t, ev == 1) ~ arm + age + strata(fem), few))
cat(json(out), "\n")
