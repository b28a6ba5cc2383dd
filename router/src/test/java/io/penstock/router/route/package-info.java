@NullMarked
package io.penstock.router.route;

import org.jspecify.annotations.NullMarked;
