/** Writes and reads values in one byte form, which hashes are taken of. */
@NullMarked
package dev.stowage.evidence.canonical;

import org.jspecify.annotations.NullMarked;
