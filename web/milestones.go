package web

func (s *Server) milestonesRoutes() {}
