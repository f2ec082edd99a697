# Weights, balance, standardised and doubly robust shares on the 656 simulated persons, with R's glm and survival alone.
# Rscript make_adjusted.R, in this folder, writes r_adjusted.json. R 4.2.2, survival 3.5-3.
library(survival)
d <- read.csv("oracle_656.csv")
d$w <- NULL
# An arm that older people and women are more often in; the noise is the remainder of 37 times the number of the person.
d$arm <- as.integer(d$age / 10 + d$fem + (37 * d$id) %% 101 / 25 > 5.9)
cap <- 25
# No delayed entry here: everybody from the start, endings after week 25 are still followed then.
d$time <- pmin(d$t, cap)
d$cause <- ifelse(d$t <= cap, d$ev, 0)
x <- as.matrix(d[, c("age", "fem")])
at <- c(10, 20)
out <- list()

ps <- glm(arm ~ age + fem, binomial, d, epsilon = 1e-14, maxit = 100)
e <- fitted(ps)
a <- d$arm
out$score <- unname(e[1:20])
weights <- list(ATE = ifelse(a == 1, 1 / e, 1 / (1 - e)), ATT = ifelse(a == 1, 1, e / (1 - e)),
                ATC = ifelse(a == 1, (1 - e) / e, 1), overlap = ifelse(a == 1, 1 - e, e))

ebal <- function(xs, target) {
  z <- sweep(xs, 2, target)
  sc <- apply(xs, 2, sd)
  z <- sweep(z, 2, sc, "/")
  b <- rep(0, ncol(z))
  for (k in 1:50) {
    w <- exp(z %*% b); w <- w / sum(w)
    g <- as.vector(t(z) %*% w)
    H <- t(z) %*% (z * as.vector(w)) - g %o% g
    b <- b - solve(H, g)
  }
  w <- as.vector(exp(z %*% b))
  w / mean(w)
}
w <- rep(1, nrow(d))
w[a == 1] <- ebal(x[a == 1, ], colMeans(x))
w[a == 0] <- ebal(x[a == 0, ], colMeans(x))
weights$entropy_ATE <- w
w <- rep(1, nrow(d))
w[a == 0] <- ebal(x[a == 0, ], colMeans(x[a == 1, ]))
weights$entropy_ATT <- w

aj <- function(w, arm) {
  k <- a == arm
  s <- survfit(Surv(time, factor(cause, 0:3)) ~ 1, data = d[k, ], weights = w[k], id = seq_len(sum(k)), robust = TRUE)
  f <- summary(s, times = at)
  list(share = f$pstate[, 2], se = f$std.err[, 2])
}
out$weighted <- lapply(weights, function(w) list(
  ess = c(sum(w[a == 0])^2 / sum(w[a == 0]^2), sum(w[a == 1])^2 / sum(w[a == 1]^2)),
  arm0 = aj(w, 0), arm1 = aj(w, 1)))

smd <- function(v, w, over) {
  bin <- all(v %in% 0:1)
  m <- function(k, w) sum(w[k] * v[k]) / sum(w[k])
  s2 <- function(k) if (bin) m(k, rep(1, length(v))) * (1 - m(k, rep(1, length(v)))) else var(v[k])
  sd <- switch(over, pooled = sqrt((s2(a == 1) + s2(a == 0)) / 2), second = sqrt(s2(a == 1)))
  (m(a == 1, w) - m(a == 0, w)) / sd
}
one <- rep(1, nrow(d))
out$balance <- list(
  before = c(age = smd(d$age, one, "pooled"), fem = smd(d$fem, one, "pooled")),
  ATE = c(age = smd(d$age, weights$ATE, "pooled"), fem = smd(d$fem, weights$ATE, "pooled")),
  ATT = c(age = smd(d$age, weights$ATT, "second"), fem = smd(d$fem, weights$ATT, "second")))

# g-formula: cause-specific Cox models within each arm, baseline by Efron, shares put together.
grid <- sort(unique(d$time))
hazards <- function(k, kind) {
  own <- d[k, ]
  own$ended <- own$cause == kind
  f <- coxph(Surv(time, ended) ~ age + fem, data = own, ties = "efron",
             control = coxph.control(eps = 1e-13, toler.chol = 1e-14, iter.max = 100))
  b <- basehaz(f, centered = FALSE)
  cum <- stepfun(b$time, c(0, b$hazard))(grid)
  exp(x %*% coef(f)) %*% t(diff(c(0, cum)))
}
shares <- function(k) {
  new <- lapply(1:3, function(j) hazards(k, j))
  whole <- Reduce(`+`, new)
  stay <- exp(-t(apply(whole, 1, cumsum)))
  before <- cbind(1, stay[, -ncol(stay)])
  per <- ifelse(whole > 0, (1 - exp(-whole)) / whole, 1)
  list(share = t(apply(before * per * new[[1]], 1, cumsum)), stay = stay)
}
place <- sapply(at, function(u) sum(grid <= u))
found <- list(`0` = shares(a == 0), `1` = shares(a == 1))
out$standardised <- lapply(found, function(f) list(
  ATE = colMeans(f$share[, place]), ATT = colMeans(f$share[a == 1, place]),
  mean = mean(f$stay %*% diff(pmin(c(grid, Inf), 20)) + min(grid))))

# doubly robust: censoring by Cox within each arm, after the endings of the same week.
robust <- function(arm, u, target) {
  k <- which(a == arm)
  last <- sum(grid <= u)
  f <- found[[as.character(arm)]]
  lost <- d$cause == 0 & d$time < max(d$time[k])
  twice <- 2 * match(d$time, grid) + (d$cause == 0)
  own <- transform(d, twice = twice, lost = lost)[k, ]
  m <- coxph(Surv(twice, lost) ~ age + fem, data = own, ties = "efron",
             control = coxph.control(eps = 1e-13, toler.chol = 1e-14, iter.max = 100))
  b <- basehaz(m, centered = FALSE)
  cum <- stepfun(b$time, c(0, b$hazard))(2 * seq_along(grid) + 1)
  new <- exp(x %*% coef(m)) %*% t(diff(c(0, cum)))
  tau <- if (target == "ATE") rep(1, nrow(d)) else as.numeric(a == 1)
  w <- if (target == "ATE") weights$ATE else weights$ATT
  g <- tau * f$share[, last]
  for (i in k) {
    passed <- cumsum(new[i, ])
    leave <- match(d$time[i], grid)
    y <- if (d$cause[i] == 1 && leave <= last) exp(passed[leave] - new[i, leave]) else 0
    more <- y - f$share[i, last]
    for (s in seq_len(last)) {
      n <- d$cause[i] == 0 && s == leave
      r <- s < leave || n
      if (r) more <- more + (n - (1 - exp(-new[i, s]))) * exp(passed[s]) * (f$share[i, last] - f$share[i, s]) / f$stay[i, s]
    }
    g[i] <- g[i] + w[i] * more
  }
  sum(g) / sum(tau)
}
out$robust <- lapply(c(ATE = "ATE", ATT = "ATT"), function(t) lapply(c(arm0 = 0, arm1 = 1), function(g) sapply(at, function(u) robust(g, u, t))))

# logistic, where everybody's status is known by week 10: those who were lost before are taken out.
known <- d[!(d$cause == 0 & d$time < 10), ]
known$y <- as.numeric(known$time <= 10 & known$cause == 1)
ctl <- glm.control(epsilon = 1e-14, maxit = 100)
p0 <- predict(glm(y ~ age + fem, binomial, known[known$arm == 0, ], control = ctl), known, type = "response")
p1 <- predict(glm(y ~ age + fem, binomial, known[known$arm == 1, ], control = ctl), known, type = "response")
both <- glm(y ~ arm + age + fem, binomial, known, control = ctl)
q0 <- predict(both, transform(known, arm = 0), type = "response")
q1 <- predict(both, transform(known, arm = 1), type = "response")
ek <- fitted(glm(arm ~ age + fem, binomial, known, control = ctl))
r0 <- mean(p0 + (known$arm == 0) / (1 - ek) * (known$y - p0))
r1 <- mean(p1 + (known$arm == 1) / ek * (known$y - p1))
out$logistic <- list(n = nrow(known), separate = c(mean(p0), mean(p1)), together = c(mean(q0), mean(q1)), robust = c(r0, r1))

write <- function(v) {
  if (is.list(v)) return(paste0("{", paste0("\"", names(v), "\": ", sapply(v, write), collapse = ", "), "}"))
  if (!is.null(names(v)) && length(v) > 1) return(write(as.list(v)))
  s <- formatC(as.vector(v), digits = 17, format = "g")
  if (length(s) == 1) s else paste0("[", paste(s, collapse = ", "), "]")
}
writeLines(write(out), "r_adjusted.json")
