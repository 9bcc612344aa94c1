/**
 * What the rebalancer remembers, in flat arrays: led chunks, holders, scores over time, moves under
 * way.
 */
@NullMarked
package dev.stowage.rebalance.tables;

import org.jspecify.annotations.NullMarked;
