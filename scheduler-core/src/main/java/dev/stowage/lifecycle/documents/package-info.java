/**
 * What is published: worker and portal assignments, the slices and routes in them, and the
 * documents that carry them, in JSON and in binary.
 *
 * <p>Assignments are immutable and may be handed to any thread.
 */
@NullMarked
package dev.stowage.lifecycle.documents;

import org.jspecify.annotations.NullMarked;
