/** Limits that routers have in common, kept in Redis. Nothing of it is loaded unless that is configured. */
@NullMarked
package io.penstock.router.redis;

import org.jspecify.annotations.NullMarked;
