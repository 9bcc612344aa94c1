/** The rebalancer's state in flat arrays: led chunks, holders, scores over time, moves. */
@NullMarked
package dev.stowage.rebalance.tables;

import org.jspecify.annotations.NullMarked;
