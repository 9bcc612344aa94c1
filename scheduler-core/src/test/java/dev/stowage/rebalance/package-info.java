/** Tests of when a copy is worth moving. */
@NullMarked
package dev.stowage.rebalance;

import org.jspecify.annotations.NullMarked;
