/** The planned and waiting deliveries, and their statistics. */
@NullMarked
package dev.stowage.propagation.outbox;

import org.jspecify.annotations.NullMarked;
