/** What an embedding router implements ({@link io.penstock.proxy.api.RequestRouter}) or receives. */
@NullMarked
package io.penstock.proxy.api;

import org.jspecify.annotations.NullMarked;
