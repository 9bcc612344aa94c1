/**
 * The stored rows, the change set of a command, and the bytes of commands and configurations: the
 * part of the SPI beside {@code dev.stowage.store}. Rows are immutable.
 */
@NullMarked
package dev.stowage.lifecycle.rows;

import org.jspecify.annotations.NullMarked;
