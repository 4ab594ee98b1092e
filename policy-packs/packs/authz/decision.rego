# METADATA
# title: May this be done
# description: >-
#   The decision on one operation of the broker. Access is granted only when every check holds; a check that cannot be
#   evaluated does not hold.
# schemas:
#   - input: schema["authz-input"]
#   - data.keyproof.parameters: schema.parameters
package keyproof.authz

import data.keyproof.parameters

# METADATA
# entrypoint: true
decision := {
	"allow": allow,
	"reasons": reasons,
	"obligations": obligations,
}

default allow := false

allow if {
	checks.operation
	checks.actor
	checks.role
	checks.request
	checks.separation
	checks["kill-switch"]
	checks.batch
	checks.key
	checks.state
	checks.purpose
	checks.algorithm
	checks["data-key"]
	checks.caller
	checks.approval
	checks.quorum
	checks.approvers
	checks["rotation-period"]
	checks["destruction-window"]
	checks.exception
	checks.hat
	checks.change
	checks.elevation
	count(_unmet) == 0
}

reasons := ["granted"] if allow

reasons := [code | some code in sort(_refusals)] if not allow

# Which checks a refusal names, and by what code.
_codes := {
	"operation": "operation-unknown",
	"actor": "caller-unknown",
	"role": "role-not-permitted",
	"request": "request-not-permitted",
	"separation": "roles-conflict",
	"kill-switch": "kill-switch",
	"batch": "batch-limit",
	"key": "key-unknown",
	"state": "key-state",
	"purpose": "purpose-mismatch",
	"algorithm": "algorithm-not-allowed",
	"data-key": "data-key-not-allowed",
	"caller": "caller-not-listed",
	"approval": "approval-invalid",
	"quorum": "quorum-not-met",
	"approvers": "too-few-approvers",
	"rotation-period": "rotation-period",
	"destruction-window": "destruction-window",
	"exception": "exception-not-permitted",
	"hat": "hat-worn",
	"change": "change-required",
	"elevation": "elevation-not-permitted",
}

_refusals contains code if {
	some check, code in _codes
	not checks[check]
}

# A condition is named itself.
_refusals contains concat("", ["condition:", name]) if some name in _unmet

# What the broker must see to when it does what is allowed, by the operation.
obligations["approvals"] := {
	"quorum": _quorum.approvers,
	"of": _quorum.role,
	"validSeconds": _quorum.validSeconds,
}

obligations["rotationPeriodDays"] := parameters.rotation[input.request.purpose].days if {
	input.operation == "CreateKey"
}

obligations["usageLimit"] := object.get(parameters.usageLimits, input.request.algorithm, 0) if {
	input.operation == "CreateKey"
}

# How often a version may protect is asked of policy at each use, so that a limit that is lowered reaches older keys.
obligations["usageLimit"] := parameters.usageLimits[input.key.algorithm] if {
	_effect == "protect"
}

obligations["reWrap"] := parameters.reWrap if {
	input.operation in {"RotateKey", "BackOutRotation"}
	input.key.purpose == "wrap"
}
