@NullMarked
package io.penstock.proxy.http;

import org.jspecify.annotations.NullMarked;
