/** Where each request goes: paths, routes, models, sessions, and the answers the router gives itself. */
@NullMarked
package io.penstock.router.route;

import org.jspecify.annotations.NullMarked;
