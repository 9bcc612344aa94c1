/** The working state of one plan and the judges of single chunks. */
@NullMarked
package dev.stowage.placement.board;

import org.jspecify.annotations.NullMarked;
