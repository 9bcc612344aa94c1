/**
 * How scorers are asked: in batches, within their bounds, and with a fault of one kept from the
 * others.
 */
@NullMarked
package dev.stowage.rebalance.scoring;

import org.jspecify.annotations.NullMarked;
