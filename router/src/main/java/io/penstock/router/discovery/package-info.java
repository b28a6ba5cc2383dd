/** Where the engines of pools are found while the router runs: in a file, in the DNS, in Kubernetes. */
@NullMarked
package io.penstock.router.discovery;

import org.jspecify.annotations.NullMarked;
