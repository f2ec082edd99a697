# Generalised estimating equations in R (base only), with the working covariance of each block written out in full.
#   Rscript make_gee.R oracle_656.csv > r_gee.json
# People of an office are alike (exchangeable), or rows of a person in months made of the 656 (ar1, with gaps).
d <- read.csv(commandArgs(TRUE)[1])
json <- function(x) {
  if (is.list(x)) return(paste0("{", paste0('"', names(x), '": ', vapply(x, json, ""), collapse = ", "), "}"))
  body <- ifelse(is.finite(x), sprintf("%.17g", x), "null")
  if (length(x) == 1) body else paste0("[", paste(body, collapse = ", "), "]")
}
power <- function(a, p) { e <- eigen(a, symmetric = TRUE); v <- pmax(e$values, 0)
  e$vectors %*% (ifelse(v > 1e-9, v, 1)^p * (v > 1e-9) * t(e$vectors)) }
families <- list(logit = binomial(), log = poisson(), identity = gaussian())

gee <- function(y, x, w, block, cluster, place, link, corstr) {
  f <- families[[link]]; x <- cbind(1, x); b <- suppressWarnings(glm.fit(x, y, w, family = f))$coefficients
  rows <- split(seq_along(y), block)
  parts <- function(b, alpha) lapply(rows, function(i) {
    mu <- f$linkinv(drop(x[i, , drop = FALSE] %*% b)); v <- f$variance(mu)
    apart <- abs(outer(place[i], place[i], "-"))
    R <- switch(corstr, exchangeable = ifelse(apart == 0 & diag(length(i)) == 1, 1, alpha), ar1 = alpha^apart, diag(length(i)))
    if (corstr == "exchangeable") diag(R) <- 1
    V <- diag(sqrt(v / w[i]), length(i)) %*% R %*% diag(sqrt(v / w[i]), length(i))
    list(D = v * x[i, , drop = FALSE], V = V, e = y[i] - mu, z = sqrt(w[i] / v) * (y[i] - mu), i = i) })
  moments <- function(b) {
    p <- parts(b, 0); phi <- sum(unlist(lapply(p, `[[`, "z"))^2) / sum(w)
    got <- do.call(rbind, lapply(p, function(one) { if (length(one$i) < 2) return(NULL)
      k <- combn(length(one$i), 2); r <- sqrt(w[one$i])
      cbind(one$z[k[1, ]] * one$z[k[2, ]] / phi, r[k[1, ]] * r[k[2, ]], abs(place[one$i][k[1, ]] - place[one$i][k[2, ]])) }))
    alpha <- switch(corstr, independence = 0, exchangeable = sum(got[, 1]) / sum(got[, 2]),
      ar1 = uniroot(function(a) { l <- got[, 3]; sum(l * a^(l - 1) * (got[, 1] - got[, 2] * a^l)) }, c(0.001, 0.99), tol = 1e-15)$root)
    c(alpha, phi) }
  for (step in 1:60) { am <- moments(b); p <- parts(b, am[1])
    I <- Reduce(`+`, lapply(p, function(o) t(o$D) %*% solve(o$V, o$D)))
    b <- b + drop(solve(I, Reduce(`+`, lapply(p, function(o) t(o$D) %*% solve(o$V, o$e))))) }
  am <- moments(b); p <- parts(b, am[1]); M <- solve(Reduce(`+`, lapply(p, function(o) t(o$D) %*% solve(o$V, o$D))))
  # Whole clusters: rows over the working deviation, blocks side by side.
  white <- lapply(p, function(o) { h <- power(o$V, -0.5); list(z = h %*% o$D, r = drop(h %*% o$e), g = cluster[o$i[1]]) })
  by <- split(white, vapply(white, function(o) o$g, 0))
  z <- lapply(by, function(g) do.call(rbind, lapply(g, `[[`, "z"))); r <- lapply(by, function(g) unlist(lapply(g, `[[`, "r")))
  S <- function(p) { u <- t(mapply(function(z, r) drop(crossprod(z, power(diag(nrow(z)) - z %*% M %*% t(z), p) %*% r)), z, r))
    if (p == 0) u <- t(mapply(function(z, r) drop(crossprod(z, r)), z, r)); sqrt(diag(M %*% crossprod(u) %*% M)) }
  df <- function(p) { n <- sum(lengths(r)); at <- split(seq_len(n), rep(seq_along(r), lengths(r))); Z <- do.call(rbind, z)
    IH <- diag(n) - Z %*% M %*% t(Z)
    vapply(seq_len(ncol(x)), function(k) { P <- crossprod(mapply(function(z, i)
      drop(IH[, i] %*% (power(diag(nrow(z)) - z %*% M %*% t(z), p) %*% z %*% M[, k])), z, at)); sum(diag(P))^2 / sum(P^2) }, 0) }
  list(coef = unname(b), alpha = unname(am[1]), scale = unname(am[2]), model = unname(sqrt(am[2] * diag(M))),
       cr0 = unname(S(0)), cr2 = unname(S(-0.5)), cr3 = unname(S(-1)), df2 = df(-0.5), df3 = df(-1))
}
one <- rep(1, nrow(d)); x <- as.matrix(d[c("arm", "age", "fem")]); zero <- rep(0, nrow(d))
job <- as.numeric(d$ev == 1)
# Months of a person: the first 240, at 2 to 5 times with gaps; the number seen is a made-up one of their own columns.
p <- d[1:240, ]; k <- 2 + p$id %% 4; long <- p[rep(seq_len(240), k), ]
m <- unlist(lapply(k, function(n) c(0, 1, 3, 4, 7)[1:n])); long$month <- m
worked <- as.numeric((long$t * 7 + m * 11 + long$age * 3 + 5 * long$id) %% 13 + long$fem > 7)
lx <- as.matrix(long[c("arm", "fem", "month")]); lone <- rep(1, nrow(long))
cat(json(list(
  office_logit = gee(job, x, one, d$office, d$office, zero, "logit", "exchangeable"),
  office_logit_weights = gee(job, x, d$w, d$office, d$office, zero, "logit", "exchangeable"),
  office_log = gee(d$t, x, one, d$office, d$office, zero, "log", "exchangeable"),
  office_identity = gee(d$t, x, one, d$office, d$office, zero, "identity", "exchangeable"),
  person_logit = gee(worked, lx, lone, long$id, long$id, m, "logit", "ar1"),
  person_logit_exchangeable = gee(worked, lx, lone, long$id, long$id, m, "logit", "exchangeable"),
  office_of_person = gee(worked, lx, long$w, long$id, long$office, m, "logit", "ar1"))), "\n")
