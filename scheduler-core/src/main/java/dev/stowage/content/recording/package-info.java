/** The content scheduler in evidence: what it writes of items, selections and settings. */
@NullMarked
package dev.stowage.content.recording;

import org.jspecify.annotations.NullMarked;
