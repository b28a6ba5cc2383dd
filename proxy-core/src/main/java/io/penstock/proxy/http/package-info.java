/** Values both sides of the proxy share: the request head, header rules, the request id. */
@NullMarked
package io.penstock.proxy.http;

import org.jspecify.annotations.NullMarked;
