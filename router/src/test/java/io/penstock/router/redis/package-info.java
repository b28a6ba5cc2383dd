/** Tests of limits in Redis, without sockets. */
@NullMarked
package io.penstock.router.redis;

import org.jspecify.annotations.NullMarked;
