@NullMarked
package io.penstock.router.tls;

import org.jspecify.annotations.NullMarked;
