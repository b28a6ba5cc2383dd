@NullMarked
package io.penstock.router.config;

import org.jspecify.annotations.NullMarked;
