# The numbers of R that the Fine-Gray model is held against when no other folder is there.
#   Rscript make_fine_gray.R oracle_656.csv > r_fine_gray.json
suppressMessages({library(survival); library(cmprsk)})
d <- read.csv(commandArgs(TRUE)[1])
d$pid <- d$id; d$f <- factor(d$ev, 0:3, c("c", "j", "x", "o"))
control <- coxph.control(eps = 1e-12, iter.max = 50, toler.chol = 1e-14)
number <- function(x) ifelse(is.finite(x), sprintf("%.17g", x), "null")
row <- function(x) paste0("[", paste(number(x), collapse = ", "), "]")
json <- function(x) {
  if (is.list(x)) return(paste0("{", paste0('"', names(x), '": ', vapply(x, json, ""), collapse = ", "), "}"))
  if (is.character(x)) return(if (length(x) == 1) paste0('"', x, '"') else paste0("[", paste0('"', x, '"', collapse = ", "), "]"))
  if (is.matrix(x)) return(paste0("[", paste(apply(x, 1, row), collapse = ", "), "]"))
  if (length(x) == 1) number(x) else row(x)
}
said <- function(m) list(terms = names(m$coef), estimate = unname(m$coef), model = unname(sqrt(diag(m$naive.var))),
                         robust = unname(sqrt(diag(m$var))), log_likelihood = m$loglik)
# finegray 3.5-3 takes the weights of the wrong people where it has strata (user.weights[split$row] for a row of the
# stratum), so weights are multiplied on afterwards: the column fw is 1 or w.
fg <- function(etype = "j", entry = FALSE, weights = FALSE, strata = FALSE, offices = FALSE, ties = "efron") {
  d$fw <- if (weights) d$w else 1
  left <- if (entry) "Surv(entry, t, f)" else "Surv(t, f)"
  right <- if (strata) "arm + age + fem + office + id + fw + strata(fem)" else "arm + age + fem + office + id + fw"
  long <- finegray(as.formula(paste(left, "~", right)), data = d, etype = etype, id = pid)
  long$own <- long$fgwt * long$fw
  model <- if (strata) "arm + age + strata(fem)" else "arm + age + fem"
  long$together <- if (offices) long$office else long$id
  said(coxph(as.formula(paste("Surv(fgstart, fgstop, fgstatus) ~", model)), data = long, weights = own,
             cluster = together, ties = ties, control = control))
}
gray <- function(code, terms = c("arm", "age", "fem")) {
  m <- crr(d$t, d$ev, as.matrix(d[, terms]), failcode = code, gtol = 1e-12, maxiter = 50)
  p <- predict(m, rbind(c(0, 40, 0), c(1, 25, 1)))
  at <- vapply(c(5, 10, 20, 30), function(x) max(which(p[, 1] <= x)), 1)
  list(terms = terms, estimate = unname(m$coef), robust = sqrt(diag(m$var)), log_likelihood = c(m$loglik.null, m$loglik),
       time = c(5, 10, 20, 30), incidence = unname(p[at, 2:3]))
}
curves <- function() {
  long <- finegray(Surv(entry, t, f) ~ arm + age + fem + id, data = d, etype = "j", id = pid)
  m <- coxph(Surv(fgstart, fgstop, fgstatus) ~ arm + age + fem, data = long, weights = fgwt, control = control)
  s <- summary(survfit(m, data.frame(arm = 0:1, age = c(40, 25), fem = 0:1)), times = c(5, 10, 20, 30))
  list(time = s$time, incidence = 1 - unname(s$surv))
}
cat(json(list(
  made_with = list(R = R.version.string, survival = as.character(packageVersion("survival")),
                   cmprsk = as.character(packageVersion("cmprsk")), script = "make_fine_gray.R"),
  finegray = list(
    plain = fg(), entry = fg(entry = TRUE), weights = fg(weights = TRUE), entry_weights = fg(entry = TRUE, weights = TRUE),
    offices = fg(offices = TRUE), entry_offices = fg(entry = TRUE, offices = TRUE),
    entry_weights_offices = fg(entry = TRUE, weights = TRUE, offices = TRUE),
    strata = fg(strata = TRUE), entry_weights_strata = fg(entry = TRUE, weights = TRUE, strata = TRUE),
    entry_weights_offices_strata = fg(entry = TRUE, weights = TRUE, offices = TRUE, strata = TRUE),
    breslow = fg(ties = "breslow"), entry_weights_breslow = fg(entry = TRUE, weights = TRUE, ties = "breslow"),
    cause_x_entry = fg("x", entry = TRUE), cause_o_entry_weights_offices = fg("o", entry = TRUE, weights = TRUE, offices = TRUE)
  ),
  crr = list(cause_j = gray(1), cause_x = gray(2), cause_o = gray(3)),
  curves_entry = curves()
)), "\n", sep = "")
