/**
 * What a store keeps: rows, the change set that one command makes of them, and the bytes of
 * commands and configurations.
 *
 * <p>This is the part of the SPI that is written in the words of the lifecycle; the other part is
 * {@code dev.stowage.store}. Rows are immutable; positions are dense and are kept while a row
 * lives.
 */
@NullMarked
package dev.stowage.lifecycle.rows;

import org.jspecify.annotations.NullMarked;
