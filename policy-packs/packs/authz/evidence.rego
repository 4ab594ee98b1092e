# Who reads evidence: the evidence service asks before it answers, and puts the decision on record with what was read.
package keyproof.authz

import data.keyproof.parameters

# A link to a pack is good for so long.
obligations["linkMinutes"] := parameters.evidence.linkMinutes if input.operation == "DownloadPack"
