/**
 * What the parts of the library that record themselves share: the header of a part, and a writer of
 * records.
 */
@NullMarked
package dev.stowage.evidence.parts;

import org.jspecify.annotations.NullMarked;
