/** Nodes in columns, the paths between them, and the numbers that stand for their names. */
@NullMarked
package dev.stowage.propagation.paths;

import org.jspecify.annotations.NullMarked;
