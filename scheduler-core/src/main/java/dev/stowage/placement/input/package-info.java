/** The input of a plan in flat arrays; only drafts and an index write them. */
@NullMarked
package dev.stowage.placement.input;

import org.jspecify.annotations.NullMarked;
