/** The in-process chunk store. */
package dev.stowage.storage.memory;
