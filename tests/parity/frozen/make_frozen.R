# The numbers of R that the tests of parity hold us against when no other folder is there.
#   Rscript make_frozen.R oracle_656.csv <folder of the data sets in the Python package lifelines> > r_numbers.json
# oracle_656.csv: 656 simulated persons with weekly ties, three endings, delayed entry, weights and 12 offices.
suppressMessages({library(survival); library(cmprsk)})
args <- commandArgs(TRUE)
d <- read.csv(args[1]); folder <- args[2]

json <- function(x) {
  if (is.list(x)) return(paste0("{", paste0('"', names(x), '": ', vapply(x, json, ""), collapse = ", "), "}"))
  if (is.matrix(x)) return(paste0("[", paste(apply(x, 1, json), collapse = ", "), "]"))
  if (is.character(x)) body <- paste0('"', x, '"')
  else body <- ifelse(is.finite(x), sprintf("%.17g", x), "null")
  if (length(x) == 1) body else paste0("[", paste(body, collapse = ", "), "]")
}
types <- c(plain = "plain", log = "log", "log-log" = "log-log", logit = "logit", arcsine = "arcsin")

# One curve at stated times; `limits` of every type, or of the type of the fit.
curve <- function(fit, times, more = list()) {
  s <- summary(fit, times = times)
  c(list(time = s$time, n_risk = s$n.risk, estimate = s$surv, std_error = s$std.err,
         hazard = s$cumhaz, hazard_std_error = s$std.chaz), more)
}
# `fit` is a function that passes its arguments on to survfit.
km <- function(fit, times) {
  limits <- lapply(types, function(kind) {
    s <- summary(fit(conf.type = kind), times = times)
    cbind(s$lower, s$upper)
  })
  curve(fit(), times, list(limits = limits, hazard_ties = summary(fit(ctype = 2), times = times)$cumhaz))
}
mean_time <- function(formula, data, horizon) {
  t <- summary(survfit(formula, data), rmean = horizon)$table
  t <- if (is.matrix(t)) t else t(t)
  list(horizon = horizon, estimate = unname(t[, "rmean"]), std_error = unname(t[, "se(rmean)"]))
}
aj <- function(fit, times, horizon = 30) {
  s <- summary(fit, times = times)
  t <- summary(fit, rmean = horizon)$table
  out <- list(time = s$time, estimate = s$pstate, std_error = s$std.err, low = s$lower, high = s$upper,
              horizon = horizon, mean_time = unname(t[, "rmean"]))
  if ("se(rmean)" %in% colnames(t)) out$mean_time_std_error <- unname(t[, "se(rmean)"])
  out
}
# survfit 3.5-3 takes cluster= for states and leaves it out of the error, so its influences are summed by office here
# (the first of them is that of time 0).
aj_offices <- function(fit, times, weight = 1) {
  out <- aj(fit, times)
  place <- 1 + vapply(times, function(x) max(which(fit$time <= x)), 1)
  out$std_error <- t(vapply(place, function(k) {
    sqrt(colSums(rowsum(weight * fit$influence.pstate[, k, ], d$office)^2))
  }, numeric(4)))
  out[c("low", "high")] <- NULL
  out
}
diff_test <- function(formula, data, rho = 0) {
  m <- survdiff(formula, data, rho = rho)
  sums <- function(x) if (is.matrix(x)) rowSums(x) else unname(x)
  list(rho = rho, observed = sums(m$obs), expected = sums(m$exp), covariance = unname(m$var), statistic = m$chisq)
}
# Lin and Wei's score test at 0: the log-rank score with the variance from squared score residuals.
score_test <- function(m) {
  found <- summary(m)$robscore
  list(statistic = unname(found["test"]), p_value = unname(found["pvalue"]))
}
gray <- function(group, strata = NULL, rho = 0, data = d) {
  args <- list(ftime = data$t, fstatus = data$ev, group = group, rho = rho)
  if (!is.null(strata)) args$strata <- strata
  tests <- do.call(cuminc, args)$Tests
  list(rho = rho, statistic = unname(tests[, "stat"]), p_value = unname(tests[, "pv"]), df = unname(tests[, "df"]))
}

at <- c(1, 5, 10, 20, 30)
d$f <- factor(d$ev, 0:3, c("c", "j", "x", "o"))
d$any <- as.numeric(d$ev > 0)
oracle <- list(
  km = km(function(...) survfit(Surv(t, any) ~ 1, d, ...), at),
  km_arm_0 = km(function(...) survfit(Surv(t, any) ~ 1, d[d$arm == 0, ], ...), at),
  km_arm_1 = km(function(...) survfit(Surv(t, any) ~ 1, d[d$arm == 1, ], ...), at),
  km_entry = km(function(...) survfit(Surv(entry, t, any) ~ 1, d, ...), at),
  km_weights = km(function(...) survfit(Surv(t, any) ~ 1, d, weights = w, id = id, robust = TRUE, ...), at),
  km_offices = km(function(...) survfit(Surv(t, any) ~ 1, d, cluster = office, ...), at),
  km_weights_offices = km(function(...) survfit(Surv(t, any) ~ 1, d, weights = w, cluster = office, ...), at),
  km_entry_weights = km(function(...) survfit(Surv(entry, t, any) ~ 1, d, weights = w, id = id, robust = TRUE, ...), at),
  km_entry_weights_offices = km(function(...) survfit(Surv(entry, t, any) ~ 1, d, weights = w, cluster = office, id = id, ...), at),
  mean_time = mean_time(Surv(t, any) ~ 1, d, 30),
  mean_time_arms = mean_time(Surv(t, any) ~ arm, d, 30),
  mean_time_entry = mean_time(Surv(entry, t, any) ~ 1, d, 30),
  aj = aj(survfit(Surv(t, f) ~ 1, d), at),
  aj_arm_0 = aj(survfit(Surv(t, f) ~ 1, d[d$arm == 0, ]), at),
  aj_arm_1 = aj(survfit(Surv(t, f) ~ 1, d[d$arm == 1, ]), at),
  aj_entry = aj(survfit(Surv(entry, t, f) ~ 1, d, id = id), at),
  aj_weights = aj(survfit(Surv(t, f) ~ 1, d, weights = w, id = id, robust = TRUE), at),
  aj_offices = aj_offices(survfit(Surv(t, f) ~ 1, d, id = id, influence = TRUE), at),
  aj_weights_offices = aj_offices(survfit(Surv(t, f) ~ 1, d, weights = w, id = id, influence = TRUE), at, d$w),
  aj_entry_weights = aj(survfit(Surv(entry, t, f) ~ 1, d, weights = w, id = id), at),
  aj_entry_weights_offices = aj_offices(survfit(Surv(entry, t, f) ~ 1, d, weights = w, id = id, influence = TRUE), at, d$w),
  logrank = diff_test(Surv(t, any) ~ arm, d),
  logrank_half = diff_test(Surv(t, any) ~ arm, d, 0.5),
  logrank_one = diff_test(Surv(t, any) ~ arm, d, 1),
  logrank_offices_compared = diff_test(Surv(t, any) ~ office, d),
  logrank_within_fem = diff_test(Surv(t, any) ~ arm + strata(fem), d),
  logrank_within_office = diff_test(Surv(t, any) ~ arm + strata(office), d, 1),
  logrank_of_cause_1 = diff_test(Surv(t, ev == 1) ~ arm, d),
  score_weights = score_test(coxph(Surv(t, any) ~ arm, d, weights = w, robust = TRUE, ties = "breslow")),
  score_offices = score_test(coxph(Surv(t, any) ~ fem, d, cluster = office, ties = "breslow")),
  score_weights_offices = score_test(coxph(Surv(t, any) ~ fem, d, weights = w, cluster = office, ties = "breslow")),
  score_entry_weights = score_test(coxph(Surv(entry, t, any) ~ arm, d, weights = w, id = id, robust = TRUE, ties = "breslow")),
  score_entry_weights_offices = score_test(coxph(Surv(entry, t, any) ~ fem, d, weights = w, cluster = office, id = id, ties = "breslow")),
  score_within_fem = score_test(coxph(Surv(t, any) ~ arm + strata(fem), d, weights = w, cluster = office, ties = "breslow")),
  gray = gray(d$arm),
  gray_one = gray(d$arm, rho = 1),
  gray_within_fem = gray(d$arm, d$fem),
  gray_within_fem_one = gray(d$arm, d$fem, rho = 1),
  gray_within_office = gray(d$arm, d$office),
  gray_offices_compared = gray(d$office)
)

shipped <- function(name, time, status, group, at, horizon, entry = NULL, strata = NULL) {
  x <- read.csv(file.path(folder, name))
  if (!is.null(entry)) { x$.begin <- x[[entry]]; x$.end <- x[[entry]] + x[[time]]; x <- x[x$.begin < x$.end, ] }
  else x$.end <- x[[time]]
  left <- if (is.null(entry)) "Surv(.end, " else "Surv(.begin, .end, "
  formula <- function(right) as.formula(paste0(left, status, ") ~ ", right))
  one <- function(own) km(function(...) survfit(formula("1"), own, ...), at)
  out <- list(overall = one(x))
  for (g in sort(unique(x[[group]]))) out[[paste0("group ", g)]] <- one(x[x[[group]] == g, ])
  if (is.null(entry)) {
    out$mean_time <- mean_time(formula(group), x, horizon)
    out$logrank <- diff_test(formula(group), x); out$logrank_one <- diff_test(formula(group), x, 1)
    if (!is.null(strata)) out$logrank_within <- diff_test(formula(paste0(group, " + strata(", strata, ")")), x)
  }
  out
}
cat(json(list(
  made_with = list(R = R.version.string, survival = as.character(packageVersion("survival")),
                   cmprsk = as.character(packageVersion("cmprsk")), script = "make_frozen.R"),
  oracle_656 = oracle,
  rossi = shipped("rossi.csv", "week", "arrest", "fin", c(4, 13, 26, 39, 52), 52, strata = "wexp"),
  lung = shipped("lung.csv", "time", "status", "sex", c(30, 90, 180, 365, 540), 365),
  gbsg2 = shipped("gbsg2.csv", "time", "cens", "horTh", c(180, 365, 730, 1095, 1825), 1095, strata = "menostat"),
  waltons = shipped("waltons_dataset.csv", "T", "E", "group", c(15, 30, 45, 60), 50),
  psychiatric = shipped("psychiatric_patients.csv", "T", "C", "sex", c(30, 40, 50, 60), 60, entry = "Age")
)), "\n", sep = "")
