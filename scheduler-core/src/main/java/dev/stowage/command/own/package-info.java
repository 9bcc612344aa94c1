/** Declares the commands that the holder of the lease alone gives, and what they carry. */
@NullMarked
package dev.stowage.command.own;

import org.jspecify.annotations.NullMarked;
