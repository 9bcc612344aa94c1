/** Tests of propagation: acceptance rows, bounds, tree shape, convergence, evidence. */
@NullMarked
package dev.stowage.propagation;

import org.jspecify.annotations.NullMarked;
