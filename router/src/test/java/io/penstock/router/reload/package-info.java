@NullMarked
package io.penstock.router.reload;

import org.jspecify.annotations.NullMarked;
