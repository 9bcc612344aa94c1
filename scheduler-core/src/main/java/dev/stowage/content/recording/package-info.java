/** The evidence of the content scheduler. */
@NullMarked
package dev.stowage.content.recording;

import org.jspecify.annotations.NullMarked;
