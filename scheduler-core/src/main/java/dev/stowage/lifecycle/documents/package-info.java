/** The published assignments, their slices and routes, and the documents that carry them. */
@NullMarked
package dev.stowage.lifecycle.documents;

import org.jspecify.annotations.NullMarked;
