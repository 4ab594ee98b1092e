# The controls that a machine or a person is to answer for keys and for the evidence of their use: none of them may go missing.
package keyproof.controls_test

import data.keyproof.frameworks

_demanded := {
	"pci-dss 4.0.1": [
		"3.6.1", "3.6.1.1", "3.6.1.2", "3.6.1.3", "3.6.1.4", "3.7.1", "3.7.2", "3.7.3", "3.7.4", "3.7.5",
		"3.7.6", "3.7.7", "3.7.8", "3.7.9", "4.2.1.1", "10.2.1", "10.2.1.1", "10.2.1.2", "10.2.1.3",
		"10.2.1.4", "10.2.1.5", "10.2.1.6", "10.2.1.7", "10.3.1", "10.3.2", "10.3.3", "10.3.4", "10.5.1",
		"10.6.1", "10.6.2", "10.6.3", "12.3.3",
	],
	"iso-27001 2022": ["A.5.28", "A.5.31", "A.5.33", "A.8.15", "A.8.16", "A.8.17", "A.8.24"],
	"nist-800-53 r5": [
		"SC-12", "SC-12(1)", "SC-12(2)", "SC-12(3)", "SC-12(6)", "SC-13", "SC-17", "SC-28", "SC-28(1)", "SC-28(3)",
		"AU-2", "AU-3", "AU-4", "AU-5", "AU-8", "AU-9", "AU-9(1)", "AU-9(2)", "AU-9(3)", "AU-9(4)", "AU-9(5)",
		"AU-10", "AU-11", "AU-11(1)", "AU-12", "AC-3(2)", "AC-5", "CM-3(6)", "CA-2", "CA-5", "CA-7", "SI-7(6)", "SC-45",
	],
	"nist-800-57 pt1r5": ["5.2", "5.3", "5.5", "5.6.1", "6.2.2", "6.2.3", "7", "8.1", "8.2", "8.3", "8.4", "9.1", "9.2"],
	"nist-800-131a r2": ["algorithms"],
	"nist-800-38d 2007": ["8.3"],
	"nist-800-38g 2016": ["FPE"],
	"hipaa 2013": [
		"164.308(a)(1)(ii)(D)", "164.312(a)(2)(iv)", "164.312(b)", "164.312(c)(1)", "164.312(c)(2)", "164.312(d)",
		"164.312(e)(2)(ii)", "164.316(b)(1)", "164.316(b)(2)(i)",
	],
	"fedramp rev5": ["component-definition", "assessment-plan", "assessment-results", "poam", "SC-13"],
	"sec-17a-4 2022": ["240.17a-4(f)(2)(i)", "240.17a-4(f)(3)"],
	"finra-4511 2011": ["4511"],
	"keyproof-device 1": [
		"kek-unwrap-template", "wrap-and-decrypt", "authenticated-wrap", "extractable", "attribute-changed",
		"token-cloned", "gcm-near-limit", "used-after-deactivation", "used-outside-the-broker",
	],
}

test_no_control_is_missing if {
	present := {name: {control.id | some control in framework.controls} |
		some framework in frameworks
		name := concat(" ", [framework.framework, framework.version])
	}
	present == {name: {id | some id in ids} | some name, ids in _demanded}
}

test_every_retention_demand_is_of_a_framework_that_is_here if {
	known := {framework.framework | some framework in frameworks}
	{name | some name, _ in data.keyproof.parameters.retention.demands; not name in known} == set()
}
