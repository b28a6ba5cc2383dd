@NullMarked
package io.penstock.router.request;

import org.jspecify.annotations.NullMarked;
