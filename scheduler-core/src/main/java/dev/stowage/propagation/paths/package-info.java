/** Nodes in columns, paths between them, and digests of names. */
@NullMarked
package dev.stowage.propagation.paths;

import org.jspecify.annotations.NullMarked;
