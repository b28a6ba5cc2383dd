/** The admin port: liveness, readiness, metrics, fleet view. */
@NullMarked
package io.penstock.router.admin;

import org.jspecify.annotations.NullMarked;
