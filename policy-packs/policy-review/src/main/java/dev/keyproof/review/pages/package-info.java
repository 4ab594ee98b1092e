/** What the packs say of themselves, for who does not read Rego: pages of rules and frameworks, and an OSCAL component definition. */
@NullMarked
package dev.keyproof.review.pages;

import org.jspecify.annotations.NullMarked;
