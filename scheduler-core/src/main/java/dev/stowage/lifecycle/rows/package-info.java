/** The stored rows, change sets and canonical bytes of commands: a part of the SPI. */
@NullMarked
package dev.stowage.lifecycle.rows;

import org.jspecify.annotations.NullMarked;
