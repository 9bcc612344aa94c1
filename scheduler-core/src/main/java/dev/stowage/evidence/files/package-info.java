/** Evidence on disk: segments, lines of JSON, and content by its hash. */
@NullMarked
package dev.stowage.evidence.files;

import org.jspecify.annotations.NullMarked;
