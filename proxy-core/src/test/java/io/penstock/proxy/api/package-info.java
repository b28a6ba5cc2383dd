@NullMarked
package io.penstock.proxy.api;

import org.jspecify.annotations.NullMarked;
