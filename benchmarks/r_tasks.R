# The same tasks in R: Rscript r_tasks.R TASK CSV REPEATS writes one line of JSON. cmprsk is used where it is installed.
suppressMessages(library(survival))
args <- commandArgs(trailingOnly = TRUE)
d <- read.csv(args[2]); repeats <- as.integer(args[3])
x <- paste0("x", 0:9, collapse = " + ")
d$state <- factor(d$ending, 0:3, c("followed", "job", "no_show", "other")); d$id <- seq_len(nrow(d))
cox <- function(left, right = x) coxph(as.formula(paste(left, "~", right)), d)
tasks <- list(
  km_groups = function() survfit(Surv(time, left) ~ group, d, conf.type = "log-log"),
  incidence = function() survfit(Surv(time, state) ~ 1, d),
  logrank = function() survdiff(Surv(time, left) ~ group, d),
  gray = function() cmprsk::cuminc(d$time, d$ending, d$group)$Tests,
  rmst = function() summary(survfit(Surv(time, left) ~ 1, d), rmean = 365)$table,
  cox = function() cox("Surv(time, event)"),
  cox_offices = function() cox("Surv(time, event)", paste(x, "+ cluster(office)")),
  cox_entry_offices = function() cox("Surv(entry, time, event)", paste(x, "+ cluster(office)")),
  fine_gray = function() {
    long <- finegray(as.formula(paste("Surv(time, state) ~", x, "+ id")), d, etype = "job")
    coxph(as.formula(paste("Surv(fgstart, fgstop, fgstatus) ~", x)), long, weights = fgwt, cluster = id)
  },
  logistic_offices = function() glm(as.formula(paste("event ~", x)), binomial, d),
  poisson_offices = function() glm(as.formula(paste("event ~", x)), poisson, d, offset = log(time))
)
taken <- c()
for (at in seq_len(repeats)) {
  taken <- c(taken, system.time(tasks[[args[1]]]())[["elapsed"]])
  if (sum(taken) > 12) break
}
cat(sprintf('{"median": %.6f, "runs": %d, "built": 0, "megabytes": null}\n', median(taken), length(taken)))
