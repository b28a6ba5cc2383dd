/** Certificates, keys and trusted authorities from PEM files, read again when they change. */
@NullMarked
package io.penstock.router.tls;

import org.jspecify.annotations.NullMarked;
