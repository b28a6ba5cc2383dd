@NullMarked
package io.penstock.router.accesslog;

import org.jspecify.annotations.NullMarked;
