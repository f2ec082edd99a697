# R's numbers of states over time, repeated events and pseudo-values, which the project carries itself.
#   Rscript make_multistate.R states_300.csv oracle_656_recurrent.csv oracle_656.csv > r_multistate.json
# states_300.csv: 300 invented persons in four states, weekly ties, delayed entry, weights and 12 offices.
suppressMessages(library(survival))
args <- commandArgs(TRUE)
d <- read.csv(args[1], na.strings = "NA")
states <- c("KVP", "work", "assistance", "left")
d$ev <- factor(ifelse(d$to == "", "cens", d$to), c("cens", states))
d$from <- factor(d$from, states)
at <- c(4, 12, 26, 40)

json <- function(x) {
  if (is.list(x)) return(paste0("{", paste0('"', names(x), '": ', vapply(x, json, ""), collapse = ", "), "}"))
  if (is.matrix(x)) return(paste0("[", paste(apply(x, 1, json), collapse = ", "), "]"))
  if (is.character(x)) body <- paste0('"', x, '"')
  else body <- ifelse(is.finite(x), sprintf("%.17g", x), "null")
  if (length(x) == 1) body else paste0("[", paste(body, collapse = ", "), "]")
}

# survfit leaves out what the shares at the start add to the error, but in the influences it has them; it never sums
# them by cluster, so that is done here.
curve <- function(data, group = NULL, weights = NULL, type = "log", start = NULL, p0 = NULL) {
  data$w_ <- if (is.null(weights)) 1 else data[[weights]]
  more <- list(); if (!is.null(start)) more$start.time <- start; if (!is.null(p0)) more$p0 <- p0
  fit <- do.call(survfit, c(list(Surv(start, stop, ev) ~ 1, data = data, id = data$person, istate = data$from,
    weights = data$w_, conf.type = type, influence = TRUE), more))
  place <- findInterval(at, fit$time)
  kept <- at >= (if (is.null(start)) 0 else start)
  influence <- fit$influence.pstate
  ids <- sort(unique(data$person[if (is.null(start)) TRUE else data$stop >= start]))
  weight <- data$w_[match(ids, data$person)]
  unit <- if (is.null(group)) ids else data[[group]][match(ids, data$person)]
  error <- t(sapply(place[kept], function(k) {
    own <- influence[, k + 1, ] * weight
    sqrt(colSums(rowsum(own, unit)^2))
  }))
  s <- summary(fit, times = at[kept])
  list(time = at[kept], states = fit$states, pstate = s$pstate, std_error = error, lower = s$lower, upper = s$upper,
       n_risk = s$n.risk, p0 = as.numeric(fit$p0), std_err_printed = s$std.err)
}
times <- function(data, horizon, weights = NULL) {
  data$w_ <- if (is.null(weights)) 1 else data[[weights]]
  fit <- survfit(Surv(start, stop, ev) ~ 1, data, id = person, istate = from, weights = w_, influence = TRUE)
  table <- summary(fit, rmean = horizon)$table
  list(horizon = horizon, states = rownames(table), rmean = as.numeric(table[, "rmean"]),
       se = if (is.null(weights)) as.numeric(table[, "se(rmean)"]) else NA)
}
first <- d[!duplicated(d$person), ]
kvp <- d[d$person %in% first$person[first$from == "KVP" & first$start == 0], ]
whole <- d[d$person %in% first$person[first$start == 0], ]
out <- list()
out$everybody <- curve(d)
out$from_start <- curve(whole)
out$kvp <- curve(kvp)
out$weighted <- curve(d, weights = "weight")
out$offices <- curve(d, group = "office", weights = "weight")
for (type in c("plain", "log-log", "logit")) out[[paste0("kvp_", type)]] <- curve(kvp, type = type)
out$group_a <- curve(d[d$group == "a", ]); out$group_b <- curve(d[d$group == "b", ])
out$since <- curve(d, start = 10.5)
for (state in c("KVP", "work", "assistance")) {
  here <- unique(d$person[d$start <= 10 & d$stop > 10 & d$from == state])
  own <- d[d$person %in% here, ]
  out[[paste0("landmark_", state)]] <- curve(own, start = 10.5, p0 = as.numeric(states == state))
}
out$times <- times(d, 40); out$times_weighted <- times(d, 40, "weight")
fit <- survfit(Surv(start, stop, ev) ~ 1, d, id = person, istate = from)
s <- summary(fit, times = at)
out$hazard <- list(time = at, transitions = colnames(fit$cumhaz), cumhaz = s$cumhaz)

r <- read.csv(args[2])
mcf <- function(data) {
  fit <- survfit(Surv(start, stop, ev) ~ 1, data, id = id, cluster = id)
  s <- summary(fit, times = c(5, 10, 20, 30))
  list(time = s$time, mean = s$cumhaz, std_error = s$std.chaz, n_risk = s$n.risk)
}
out$mcf <- mcf(r); out$mcf_0 <- mcf(r[r$a == 0, ]); out$mcf_1 <- mcf(r[r$a == 1, ])
number <- ave(r$ev, r$id, FUN = function(x) cumsum(c(0, x[-length(x)]))) + 1
since <- r$start
cox <- function(fit) list(coef = as.numeric(coef(fit)), model = sqrt(fit$naive.var[1]), robust = sqrt(vcov(fit)[1]), loglik = fit$loglik[2])
tight <- coxph.control(eps = 1e-11, toler.chol = 1e-13, iter.max = 50)
out$ag <- cox(coxph(Surv(start, stop, ev) ~ a, r, cluster = id, control = tight))
out$pwp_total <- cox(coxph(Surv(start, stop, ev) ~ a + strata(number), r, cluster = id, control = tight))
out$pwp_gap <- cox(coxph(Surv(stop - start, ev) ~ a + strata(number), r, cluster = id, control = tight))
out$pwp_pooled <- cox(coxph(Surv(start, stop, ev) ~ a + strata(pmin(number, 2)), r, cluster = id, control = tight))
long <- do.call(rbind, lapply(1:3, function(k) {
  own <- r[number == k & r$ev == 1, ]; last <- r[!duplicated(r$id, fromLast = TRUE), ]
  hit <- match(last$id, own$id)
  data.frame(id = last$id, a = last$a, k = k, time = ifelse(is.na(hit), last$stop, own$stop[hit]), ev = as.numeric(!is.na(hit)))
}))
out$wlw <- cox(coxph(Surv(time, ev) ~ a + strata(k), long, cluster = id, control = tight))

o <- read.csv(args[3]); o$d <- as.numeric(o$ev > 0)
fit <- survfit(Surv(t, d) ~ 1, o)
out$pseudo_survival <- as.numeric(pseudo(fit, times = 30)[1:40])
out$pseudo_mean <- as.numeric(pseudo(fit, times = 30, type = "rmst")[1:40])
all <- summary(fit, times = 30)$surv
out$jackknife_survival <- sapply(1:40, function(i)
  nrow(o) * all - (nrow(o) - 1) * summary(survfit(Surv(t, d) ~ 1, o[-i, ]), times = 30)$surv)
o$f <- factor(o$ev, 0:3, c("c", "j", "x", "o"))
aj <- function(data) summary(survfit(Surv(t, f) ~ 1, data), times = 30)$pstate[2]
out$jackknife_job <- sapply(1:40, function(i) nrow(o) * aj(o) - (nrow(o) - 1) * aj(o[-i, ]))
late <- function(data) summary(survfit(Surv(entry, t, d) ~ 1, data), times = 30)$surv
out$jackknife_entry <- sapply(1:40, function(i) nrow(o) * late(o) - (nrow(o) - 1) * late(o[-i, ]))
heavy <- function(data) summary(survfit(Surv(entry, t, f) ~ 1, data, id = id, weights = w), times = 30)$pstate[2]
out$jackknife_weighted <- sapply(1:40, function(i)
  (sum(o$w) * heavy(o) - (sum(o$w) - o$w[i]) * heavy(o[-i, ])) / o$w[i])
cat(json(out), "\n")
