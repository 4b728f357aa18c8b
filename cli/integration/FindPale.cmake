# SPDX-License-Identifier: Apache-2.0
#[[
find_package(Pale REQUIRED) finds pale, and gives

	PALE_EXECUTABLE    the program
	Pale::pale         libpale, where it is installed (Pale_LIBRARY_FOUND)

	pale_add_policy(TARGET POLICY
		[FORMAT c|elf|bundle] [SYMBOL NAME] [ARCH ABI...] [OPTIONS OPTION...]
		[OUTPUT FILE])

compiles a policy as a part of TARGET, again where a file that it includes changes. FORMAT c, which
it is without, makes a header NAME_filter.h that the target's sources can include; elf makes an
object that is linked to it; bundle makes a file beside it. NAME is the policy's file name without
its ending. Names in C begin with SYMBOL, or with the policy's own name. OUTPUT is another file than
NAME_filter.h, NAME_filter.o or NAME.bundle in the current build folder.

pale runs on the machine that builds. Say for which ABIs with ARCH where the policy does not and the
program is for another machine.
]]
include(FindPackageHandleStandardArgs)

find_program(PALE_EXECUTABLE pale DOC "the compiler of seccomp policies")
find_path(PALE_INCLUDE_DIR pale.h)
find_library(PALE_LIBRARY pale)
mark_as_advanced(PALE_EXECUTABLE PALE_INCLUDE_DIR PALE_LIBRARY)

find_package_handle_standard_args(Pale REQUIRED_VARS PALE_EXECUTABLE)

set(Pale_LIBRARY_FOUND FALSE)
if(PALE_LIBRARY AND PALE_INCLUDE_DIR)
	set(Pale_LIBRARY_FOUND TRUE)
	if(NOT TARGET Pale::pale)
		add_library(Pale::pale UNKNOWN IMPORTED)
		set_target_properties(Pale::pale PROPERTIES
			IMPORTED_LOCATION "${PALE_LIBRARY}"
			INTERFACE_INCLUDE_DIRECTORIES "${PALE_INCLUDE_DIR}")
	endif()
endif()

function(pale_add_policy target policy)
	cmake_parse_arguments(PARSE_ARGV 2 arg "" "FORMAT;SYMBOL;OUTPUT" "ARCH;OPTIONS")
	if(arg_UNPARSED_ARGUMENTS)
		message(FATAL_ERROR "pale_add_policy does not know ${arg_UNPARSED_ARGUMENTS}")
	endif()
	get_filename_component(name "${policy}" NAME_WE)
	get_filename_component(policy "${policy}" ABSOLUTE)
	if(NOT arg_FORMAT)
		set(arg_FORMAT c)
	endif()
	set(symbol)
	if(arg_SYMBOL)
		set(symbol --symbol ${arg_SYMBOL})
	endif()
	if(arg_FORMAT STREQUAL "c")
		set(output "${name}_filter.h")
	elseif(arg_FORMAT STREQUAL "elf")
		set(output "${name}_filter.o")
	elseif(arg_FORMAT STREQUAL "bundle")
		set(output "${name}.bundle")
	else()
		message(FATAL_ERROR "pale_add_policy: FORMAT is c, elf or bundle, not ${arg_FORMAT}")
	endif()
	if(arg_OUTPUT)
		set(output "${arg_OUTPUT}")
	endif()
	get_filename_component(output "${output}" ABSOLUTE BASE_DIR "${CMAKE_CURRENT_BINARY_DIR}")
	set(arch)
	if(arg_ARCH)
		list(JOIN arg_ARCH "," arch)
		set(arch --arch ${arch})
	endif()
	# Makefiles take a depfile from 3.20 on; without one a change in the policy itself is seen.
	set(dependencies)
	set(depfile)
	if(CMAKE_GENERATOR MATCHES "Ninja" OR NOT CMAKE_VERSION VERSION_LESS 3.20)
		set(dependencies -M "${output}.d")
		set(depfile DEPFILE "${output}.d")
	endif()
	add_custom_command(OUTPUT "${output}"
		COMMAND "${PALE_EXECUTABLE}" compile --format ${arg_FORMAT} ${symbol} ${arch}
			${arg_OPTIONS} ${dependencies} -o "${output}" "${policy}"
		DEPENDS "${policy}" ${depfile}
		COMMENT "Compiling policy ${name}"
		VERBATIM)
	target_sources(${target} PRIVATE "${output}")
	if(arg_FORMAT STREQUAL "c")
		get_filename_component(folder "${output}" DIRECTORY)
		target_include_directories(${target} PRIVATE "${folder}")
	elseif(arg_FORMAT STREQUAL "elf")
		set_source_files_properties("${output}" PROPERTIES EXTERNAL_OBJECT TRUE GENERATED TRUE)
	endif()
endfunction()
